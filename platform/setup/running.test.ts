import { spawnSync } from 'node:child_process';
import { findPlaces } from './places.mjs';
import { platformEnvironment } from './running.mjs';

const places = findPlaces(process.cwd(), { TEMPERA_HOME: 'nowhere' });

test('our processes make an S3 client without a word of its own in their output', () => {
  const program = `import { S3Client } from '@aws-sdk/client-s3'; new S3Client({ region: 'none' });`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...platformEnvironment(places, {}), PATH: process.env.PATH },
    encoding: 'utf8',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});

test('what the person has set stays', () => {
  const name = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
  expect(platformEnvironment(places, { [name]: 'false', TEMPERA_PYTHON: '/python' })).toMatchObject({
    [name]: 'false',
    TEMPERA_PYTHON: '/python',
    TEMPERA_ROOT: process.cwd(),
  });
});
