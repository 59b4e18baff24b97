import fc from 'fast-check';
import { explainRequest, pastedErrors, pastedValues } from './pasted-column.ts';

test('values come a line each, from the cells of a line, or from the first cells of a spreadsheet', () => {
  expect(pastedValues('a\r\n b \n\nc, d')).toEqual(['a', 'b', 'c, d']);
  expect(pastedValues('a, b,,c')).toEqual(['a', 'b', 'c']);
  expect(pastedValues('1,5;2,5')).toEqual(['1,5', '2,5']);
  expect(pastedValues('"x, y","say ""so""",z')).toEqual(['x, y', 'say "so"', 'z']);
  expect(pastedValues('a\t1\nb\t2')).toEqual(['a', 'b']);
  expect(pastedValues(' \n ')).toEqual([]);
});

test('values that hold no sign of their own come as they were', () => {
  const value = fc
    .string({ minLength: 1 })
    .filter((text) => text.trim() === text && !/[\t\r\n,;"]/.test(text));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 20 }),
      fc.constantFrom('\n', '\t', ',', ';'),
      (values, sign) => {
        expect(pastedValues(values.join(sign))).toEqual(values);
      },
    ),
  );
});

test('what is missing is named at its field; what is left empty is not sent', () => {
  const entries = { name: ' eml ', values: 'a\nb', table: ' ', siblings: 'id, name', vocabulary: 'own' };
  expect(pastedErrors(entries)).toEqual({});
  expect(Object.keys(pastedErrors({ ...entries, name: '', values: ' ' }))).toEqual(['name', 'values']);
  expect(explainRequest(entries)).toEqual({
    ...{ name: 'eml', values: ['a', 'b'], siblings: ['id', 'name'], vocabulary_id: 'own' },
  });
});
