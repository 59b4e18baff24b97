/** The documented commands that a test types as they are written, in this order, and what they end with. */

export interface AsWritten {
  /** Exit code. Default 0. */
  code?: number;
  /** What it says, on either stream. */
  says: RegExp;
  /** Over its own platform: `npm start` and what goes with it. */
  own?: boolean;
  /** Seconds after which it is ended, where it would go on for ever. */
  seconds?: number;
}

/** The README's, with the bundled table. */
export const RUN_COMMAND = 'npm start -- run examples/penguins.csv --target species';
const UPDATE = 'temporal workflow update execute --workflow-id session/01a1…dc12 --name';

export const RUN_AS_WRITTEN: ReadonlyMap<string, AsWritten> = new Map([
  [
    'npm start -- --detach',
    { own: true, says: /Tempera +http:\/\/127\.0\.0\.1:\d+[\s\S]*Stop it with: npm start -- stop/ },
  ],
  ['npm start -- status', { own: true, says: /worker[\s\S]*HEALTHY/ }],
  ['npm start -- doctor', { own: true, says: /Isolation \(policy required/ }],
  ['npm start -- preflight', { own: true, says: /Nothing keeps the platform from starting/ }],
  ['npm start -- sandbox doctor', { own: true, says: /agent code runs/ }],
  ['npm start -- sessions list', { own: true, says: /running|created/ }],
  ['npm start -- stop', { own: true, says: /Stopped/ }],
  ['npm start', { own: true, says: /Tempera +http:[\s\S]*Stopped\./ }],

  [RUN_COMMAND, { says: /Model +.*tempera-out\/penguins\/train\/models\/model\.pkl/ }],
  ['npm start -- follow ID', { says: /train done/ }],
  ['npm start -- sessions resume ID', { code: 4, says: /npm start|done|nothing|not/i }],
  ['npm start -- files ID', { says: /train\/models\/model\.pkl/ }],
  ['npm start -- sql ID "select species, count(*) from train group by 1"', { says: /Adelie/ }],
  [
    'curl -N http://127.0.0.1:7400/api/sessions/ID/stream?after=0',
    { code: 124, seconds: 3, says: /event: state_change/ },
  ],
  [
    'curl -F file=@examples/penguins.csv -F target=species http://127.0.0.1:7400/api/experiments',
    { says: /"target":"species"/ },
  ],
  [
    `curl --json '{"mode":"auto"}' http://127.0.0.1:7400/api/experiments/ID/sessions`,
    { says: /"mode":"auto"/ },
  ],
  ['curl http://127.0.0.1:7400/api/sessions/ID/files/train/report.md', { says: /# A model for/ }],
  [
    `curl -H 'content-type: text/csv' --data-binary @new.csv ` +
      `'http://127.0.0.1:7400/api/models/ID/predict-file?name=new.csv'`,
    { says: /predicted_species/ },
  ],
  ['temporal workflow list', { says: /SessionWorkflow/ }],
  [`temporal workflow list --query 'TemperaState="cancelled"'`, { says: /^|Status/ }],
  ['temporal workflow query --workflow-id session/01a1…dc12 --name status', { says: /QueryResult/ }],
  [`${UPDATE} sendMessage --input '{"text":"Mind the missing values of sex."}'`, { says: /message/ }],
  [`${UPDATE} startStage --input '{"stage":"train"}'`, { code: 1, says: /unable to update workflow/ }],
  [`${UPDATE} cancel --input '{}'`, { says: /cancelled/ }],
]);
