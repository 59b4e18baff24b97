import { byHand, scriptPath } from './script-path.ts';

test('the path is found wherever the result names it', () => {
  const output = {
    content: 'exit: ok',
    filesChanged: ['eda/report.md', 'eda/scripts/step_02_look-at-it.py'],
  };
  expect(scriptPath({ output })).toBe('eda/scripts/step_02_look-at-it.py');
  expect(scriptPath({ output: null })).toBeNull();
  expect(scriptPath({ output: { content: 'eda/scripts/x; rm -rf ~' } })).toBeNull();
});

test('running by hand is three lines for a terminal', () => {
  expect(byHand('http://127.0.0.1:7400', 's', 'eda/scripts/step_01_a.py').split('\n')).toHaveLength(3);
});
