/** Known answers of column classification by name and pattern, and the negative cases: what a column is not. */

import { bundled, massesOf } from './testing/bundled.ts';

const { classify } = bundled();
const EMAILS = ['ada@example.com', 'bob@example.org', 'cy@mail.example.net'];

test('a common name says .50; a pattern that three of five values have .45, one of nine nothing', () => {
  const few = classify({ name: 'email', values: [...EMAILS, 'x1', 'x2'] });
  expect(massesOf(few, 'name_match')).toEqual({ EMAIL: 0.5, Θ: 0.5 });
  expect(massesOf(few, 'pattern')).toEqual({ EMAIL: 0.45, Θ: 0.55 });
  const rare = classify({ name: 'email', values: [EMAILS[0] ?? '', ...'abcdefgh'] });
  expect(massesOf(rare, 'pattern')).toEqual({ Θ: 1 });
  expect(rare.patterns).toContainEqual(
    expect.objectContaining({ name: 'email', matched: 1, of: 9, fires: false }),
  );
});

test('a label says .70, the words of a label .30, a name of no term nothing', () => {
  const masses = (name: string) => massesOf(classify({ name, values: ['-'] }), 'name_match');
  expect(masses('DateOfBirth')).toEqual({ DATE_OF_BIRTH: 0.7, Θ: 0.3 });
  expect(masses('birth_place_and_date_of_it')).toEqual({ DATE_OF_BIRTH: 0.3, Θ: 0.7 });
  expect(masses('zzgl_7')).toEqual({ Θ: 1 });
});

test.each([
  ['cust_eml', 'EMAIL'],
  ['dob', 'DATE_OF_BIRTH'],
  ['PatientFirstName', 'FIRST_NAME'],
  ['tel_no', 'PHONE_NUMBER'],
  ['addr_zip', 'POSTAL_CODE'],
  ['txn_amt', 'AMOUNT'],
  ['emailaddress', 'EMAIL'],
  ['e_mail', 'EMAIL'],
  ['customerEMails', 'EMAIL'],
  ['order_qty', 'QUANTITY'],
  ['created_at', 'CREATED_AT'],
  ['is_member', 'FLAG'],
  ['num_visits', 'COUNT'],
  ['price_per_unit', 'PRICE'],
])('the name %s is understood as %s', (name, code) => {
  const { decision } = classify({ name, values: ['-'] });
  expect(decision.predicted).toBe(code);
});

test('a table completes a name where both make one, and only where it is given', () => {
  const alone = classify({ name: 'name', values: ['Chair'] });
  expect(alone.decision.predicted).toBe('FULL_NAME');
  expect(classify({ name: 'name', values: ['Chair'], table: 'products' }).decision.predicted).toBe(
    'PRODUCT_NAME',
  );
  expect(classify({ name: 'email', values: EMAILS, table: 'products' }).decision.predicted).toBe('EMAIL');
});

test('a beginning that all columns of a table share is left out of the name', () => {
  const siblings = ['kx_city', 'kx_phone', 'kx_age'];
  const beside = (names: string[]) => classify({ name: 'kx_gender', values: ['-'], siblings: names });
  expect(massesOf(beside(siblings), 'name_match')).toEqual({ GENDER: 0.7, Θ: 0.3 });
  expect(beside(siblings).column).toMatchObject({ name: 'kx_gender', ownName: 'gender' });
  expect(beside(['kx_city', 'kx_phone', 'age']).column.ownName).toBe('kx_gender');
});

test('a declared type allows the terms of that type, all together', () => {
  const { evidence, decision } = classify({ name: 'zz', values: ['2020-01-01'], type: 'timestamp(3)' });
  expect(evidence.find(({ source }) => source === 'type')?.mass.masses.size).toBe(2);
  expect(decision.predicted).toBeNull();
  expect(
    classify({ name: 'dob', values: ['-'], type: 'DATE' })
      .conflicts.flat()
      .every((each) => each === 0),
  ).toBe(true);
});

/** Names and values, and what they must not be taken for. */
const NEGATIVE: [name: string, values: string[], not: string][] = [
  // the contract's
  ['email_verified', ['0', '1'], 'EMAIL'],
  ['scenario_code', ['SCN-125', 'SCN-126'], 'CARD_NUMBER'],
  ['scenario_code', ['SCN-125', 'SCN-126'], 'CARD_SECURITY_CODE'],
  ['ACADEMIC_YEAR_CODE', ['1999', '2000'], 'CARD_SECURITY_CODE'],
  ['acid_level', ['0.1', '0.4'], 'CARD_SECURITY_CODE'],
  ['email', EMAILS, 'URL'],
  // words within words
  ['page', ['1', '2', '3'], 'AGE'],
  ['usage', ['12', '18'], 'AGE'],
  ['mileage', ['120', '180'], 'AGE'],
  ['grid', ['a1', 'b2'], 'RECORD_ID'],
  ['paid', ['0', '1'], 'RECORD_ID'],
  ['shipping_mode', ['air', 'sea'], 'IP_ADDRESS'],
  ['zipper_length', ['10', '12'], 'POSTAL_CODE'],
  ['compass_heading', ['180', '90'], 'PASSWORD'],
  ['passenger_total', ['3', '4'], 'PASSWORD'],
  ['macro', ['a', 'b'], 'MAC_ADDRESS'],
  ['machine_hours', ['12', '18'], 'MAC_ADDRESS'],
  ['vintage_year', ['1999', '2004'], 'VEHICLE_ID'],
  ['vinyl', ['yes', 'no'], 'VEHICLE_ID'],
  ['latency_ms', ['12.5', '80.1'], 'LATITUDE'],
  ['longest_streak', ['3', '9'], 'LONGITUDE'],
  ['essex_branch', ['3', '9'], 'GENDER'],
  ['panel', ['a', 'b'], 'CARD_NUMBER'],
  ['capacity', ['10', '20'], 'CITY'],
  ['elasticity', ['0.1', '0.2'], 'CITY'],
  ['estate_value', ['100', '200'], 'REGION'],
  ['telemetry', ['1', '0'], 'PHONE_NUMBER'],
  ['fairness', ['0.8', '0.9'], 'AIRPORT_CODE'],
  ['broad_match', ['0', '1'], 'STREET_ADDRESS'],
  // something of a thing is not the thing
  ['email_domain', ['example.com', 'example.org'], 'EMAIL'],
  ['email_count', ['1', '7'], 'EMAIL'],
  ['email_sent_at', ['2024-01-02 10:00:00'], 'EMAIL'],
  ['email_opt_in', ['true', 'false'], 'EMAIL'],
  ['num_emails', ['3', '4'], 'EMAIL'],
  ['has_email', ['y', 'n'], 'EMAIL'],
  ['email_template', ['welcome', 'goodbye'], 'EMAIL'],
  ['phone_verified', ['0', '1'], 'PHONE_NUMBER'],
  ['phone_model', ['Pixel 9', 'XR'], 'PHONE_NUMBER'],
  ['card_type', ['Visa', 'Maestro'], 'CARD_NUMBER'],
  ['is_credit_card', ['0', '1'], 'CARD_NUMBER'],
  ['address_type', ['home', 'work'], 'FULL_ADDRESS'],
  ['password_changed_at', ['2024-01-02'], 'PASSWORD'],
  ['salary_currency', ['EUR', 'USD'], 'SALARY'],
  ['birth_certificate_flag', ['0', '1'], 'CERTIFICATE'],
  ['city_count', ['3', '4'], 'CITY'],
  ['url_clicks', ['3', '4'], 'URL'],
  ['iban_valid', ['true', 'false'], 'IBAN'],
  ['ip_blocked', ['true', 'false'], 'IP_ADDRESS'],
  ['hours-per-week', ['40', '38'], 'WEEK_NUMBER'],
  ['price_per_unit', ['1.5', '2.5'], 'UNIT_OF_MEASURE'],
  // values that look like something else
  ['alive', ['yes', 'no'], 'LANGUAGE'],
  ['version', ['1.2.3', '1.3.0'], 'IP_ADDRESS'],
  ['measure', ['1234567890123', '1234567890124'], 'CARD_NUMBER'],
  ['reading', ['999.999.999.999', '300.1.1.1'], 'IP_ADDRESS'],
  ['serial', ['1234-99-7890', '1235-88-7891'], 'CALENDAR_DATE'],
  ['origin', ['USA', 'CAN'], 'CURRENCY'],
  ['measure', ['12.345', '45.678'], 'LATITUDE'],
  ['k', ['123456789', '234567891'], 'SOCIAL_SECURITY_NUMBER'],
  ['k', ['12', '14', '99'], 'AGE'],
  ['k', ['0', '1'], 'GENDER'],
  ['answer', ['Paris', 'because', 'I', 'liked', 'it', 'so'], 'CITY'],
];

test.each(NEGATIVE)('%s with %j is no %s', (name, values, not) => {
  expect(classify({ name, values }).decision.predicted).not.toBe(not);
});

test('there are forty negative cases beside the contract’s', () => {
  expect(NEGATIVE.length).toBeGreaterThanOrEqual(46);
});

test('what the negative columns are instead, where they are something', () => {
  const is = (name: string, values: string[]) => classify({ name, values }).decision.predicted;
  expect(is('email', EMAILS)).toBe('EMAIL');
  expect(is('ACADEMIC_YEAR_CODE', ['1999', '2000'])).toBe('YEAR');
  expect(is('email_verified', ['0', '1'])).toBe('FLAG');
  expect(is('num_emails', ['3', '4'])).toBe('COUNT');
  expect(is('email_domain', ['example.com'])).toBe('DOMAIN_NAME');
  expect(is('scenario_code', ['SCN-125'])).toBeNull();
  expect(is('acid_level', ['0.1'])).toBeNull();
});

test('one government identifier among fifty texts is told, and is not what the column is', () => {
  const texts = Array.from({ length: 49 }, (_, at) => `visit ${at}, nothing to report`);
  const { contains, decision } = classify({
    name: 'remarks',
    values: [...texts, 'his number is 123-45-6789.'],
  });
  expect(contains).toEqual([{ name: 'ssn', title: 'US social security number', values: 1 }]);
  expect(decision.predicted).toBe('DESCRIPTION');
});

test.each([
  ['paid with 4111 1111 1111 1111 yesterday', 'card'],
  ['order 12 4111-1111-1111-1111 12', 'card'],
  ['to GB82 WEST 1234 5698 7654 32, please', 'iban'],
  ['mail:ada@example.com;', 'email'],
  ['<https://example.com/a?b=c>.', 'url'],
  ['host=10.0.0.1', 'ipv4'],
])('%j contains: %s', (text, name) => {
  expect(classify({ name: 'k', values: [text] }).contains.map((each) => each.name)).toContain(name);
});

test('two sources that contradict are told as a pair', () => {
  const { conflicts, evidence, decision } = classify({ name: 'phone', values: EMAILS });
  const [name, pattern] = ['name_match', 'pattern'].map((source) =>
    evidence.findIndex((each) => each.source === source),
  );
  expect(conflicts[name ?? -1]?.[pattern ?? -1]).toBeCloseTo(0.375, 6);
  expect(decision.predicted).toBe('EMAIL');
});

test('terms that are taken for each other share what is not settled', () => {
  const { mass } = classify({ name: 'k', values: ['Quebec', 'Lima', 'Texas', 'Paris', 'Bavaria'] });
  const { frame } = mass;
  const pair = frame.setOf(['CITY', 'REGION'].map((code) => frame.setOfCode(code)));
  expect(mass.masses.get(pair) ?? 0).toBeGreaterThan(0);
});
