/** What is right about each table of tests/cases, as far as a finished session's metadata shows it. */

export interface AwkwardCase {
  file: string;
  /** Rows that come beside it to be the test. */
  testFile?: string;
  target: string;
  problem: 'binary' | 'multiclass' | 'regression';
  /** How rows are dealt; left out where more than one way is right. */
  strategy?: 'stratified' | 'random' | 'time' | 'group' | 'time_and_group';
  /** Columns that must not be learned from. */
  dropped?: string[];
  /** Columns that must be. */
  used?: string[];
  classes?: string[];
  /** Rows that the plan uses. */
  rows?: number;
  /** What a report has to say. */
  says?: RegExp;
  /** What is asked instead of training: the table cannot answer it. */
  asks?: RegExp;
}

/** Where they lie. */
export const CASES_FOLDER = 'tests/cases';

const numbers = { problem: 'regression' } as const;
const yesNo = { problem: 'binary' } as const;

export const AWKWARD_CASES: readonly AwkwardCase[] = [
  {
    file: '01-none-class.csv',
    target: 'disorder',
    problem: 'multiclass',
    classes: ['Apnea', 'Insomnia', 'None'],
  },
  { file: '02-mixed-offsets.csv', target: 'load_kw', ...numbers, strategy: 'time' },
  { file: '03-patients-visits.csv', target: 'outcome', ...yesNo, strategy: 'group' },
  { file: '04-number-headers.csv', target: 'label', ...yesNo, strategy: 'stratified' },
  { file: '07-parts-of-sum.csv', target: 'rentals', ...numbers, dropped: ['guests', 'members'] },
  {
    file: '08-german-cars.csv',
    target: 'Preis',
    ...numbers,
    used: ['Kilometer', 'Listenpreis', 'Verbrauch', 'Alter'],
  },
  { file: '09-title-and-total.xlsx', target: 'returned', ...yesNo, rows: 500 },
  { file: '10-r-row-names.csv', target: 'yield', ...numbers },
  { file: '11-infinite-ratio.csv', target: 'revenue', ...numbers, used: ['ratio'] },
  { file: '13-claim-counts.csv', target: 'claims', ...numbers },
  { file: '14-hour-matters.csv', target: 'rides', ...numbers, strategy: 'time', used: ['requested_at'] },
  { file: '15-label-spellings.csv', target: 'churned', ...yesNo, classes: ['no', 'yes'] },
  { file: '16-censored-times.csv', target: 'months_in_service', ...numbers, dropped: ['failed'] },
  { file: '17-labels-as-floats.csv', target: 'defaulted', ...yesNo },
  { file: '18-comments-and-total.csv', target: 'kwh', ...numbers, rows: 500 },
  { file: '19-money-as-text.csv', target: 'Limit', ...numbers },
  { file: '20-utc-z.csv', target: 'temp', ...numbers, strategy: 'time', used: ['at'] },
  { file: '21-store-days.csv', target: 'sold', ...numbers, strategy: 'time' },
  { file: '22-zip-and-big-ids.csv', target: 'rent', ...numbers, strategy: 'group', used: ['zip', 'rooms'] },
  { file: '23-odd-names.csv', target: 'price\n(net)', ...numbers },
  { file: '24-several-labels.csv', target: 'tags', ...yesNo, asks: /`tags` hold several labels each/ },
  { file: '25-north-america.csv', target: 'cost', ...numbers },
  { file: '26-epoch-ms.csv', target: 'flow', ...numbers, strategy: 'time' },
  { file: '27-four-frauds.csv', target: 'fraud', ...yesNo, says: /4 of 8,000/ },
  { file: '28-number-by-class.csv', target: 'diagnosis', ...yesNo, dropped: ['case_no'] },
  { file: '29-spreadsheet-booleans.csv', target: 'premium', ...numbers },
  { file: '30-month-names.csv', target: 'sold', ...numbers, strategy: 'time' },
  { file: '31-messages.csv', target: 'label', ...yesNo, used: ['message'] },
  { file: '32-brackets-negative.csv', target: 'rating', ...numbers, used: ['profit'] },
  { file: '33-nested.json', target: 'price', ...numbers },
  { file: '34-year-month.csv', target: 'index_value', ...numbers, strategy: 'time' },
  { file: '40-title-no-cover.xlsx', target: 'returned', ...yesNo },
  { file: '41-two-header-rows.xlsx', target: 'returned', ...yesNo },
  { file: '42-one-percent-inf.csv', target: 'revenue', ...numbers, used: ['ratio'] },
  { file: '43-european-datetime.csv', target: 'kwh', ...numbers, strategy: 'time' },
  { file: '44-typed.parquet', target: 'y', ...numbers, strategy: 'time' },
  { file: '46-true-false-once.csv', target: 'renewed', ...yesNo },
  { file: '47-ragged.csv', target: 'y', ...numbers },
  { file: '48-windows-1251.csv', target: 'цена', ...numbers },
  { file: '49-gross-and-net.csv', target: 'net_price', ...numbers, dropped: ['gross_price'] },
  { file: '50-years-as-headers.csv', target: '2023', ...numbers },
  { file: '51-alike-names.csv', target: 'y', ...yesNo },
  { file: '52-utf16-no-mark.csv', target: 'wert', ...numbers, used: ['größe'] },
  { file: '53-sample-by-class.csv', target: 'diagnosis', ...yesNo, dropped: ['sample'] },
  { file: '55-german-decimals.csv', target: 'Preis', ...numbers },
  { file: '56-one-stray-class.csv', target: 'outcome', ...yesNo },
  { file: '57-filled-majority.csv', target: 'won', ...yesNo, dropped: ['signed_on'] },
  { file: '58-two-plants-gaps.csv', target: 'output', ...numbers, strategy: 'time' },
  { file: '59-typed-no-zone.parquet', target: 'y', ...numbers },
  { file: '60-quoted-decimal-commas.csv', target: 'score', ...numbers, used: ['weight'] },
  { file: '61-train.csv', testFile: '61-test.csv', target: 'answer', ...yesNo, says: /no answer/ },
  { file: '62-reserved-names.csv', target: 'y', ...numbers },
];

/** Other tables, whose predictions are held to the same. Those outside the repository may not be bundled with it. */
export const USUAL_CASES: readonly AwkwardCase[] = [
  { file: 'examples/penguins.csv', target: 'species', problem: 'multiclass' },
  { file: '../shared/data/auto_imports.csv', target: 'column_26', ...numbers },
  { file: '../shared/data/daily-min-temperatures.csv', target: 'Temp', ...numbers, strategy: 'time' },
  { file: '../shared/data/ionosphere.csv', target: 'column_35', ...yesNo },
  { file: '../shared/data/mpg.csv', target: 'mpg', ...numbers },
  { file: '../shared/data/pima-indians-diabetes.csv', target: 'column_9', ...yesNo },
  { file: '../shared/data/tips.csv', target: 'tip', ...numbers },
];
