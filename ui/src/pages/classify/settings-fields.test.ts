import { ClassificationSettingsSchema } from '../../../../core/classification/settings.ts';
import {
  changedSettings,
  DEFAULT_SETTINGS,
  enteredOf,
  SETTING_FIELDS,
  settingError,
} from './settings-fields.ts';

test('the form has every setting once, with the platform’s own defaults', () => {
  expect(DEFAULT_SETTINGS).toEqual(ClassificationSettingsSchema.parse({}));
  const names = SETTING_FIELDS.map(({ name }) => name);
  expect([...names].sort()).toEqual(Object.keys(ClassificationSettingsSchema.shape).sort());
});

test('what the form takes, the platform takes, and the other way round', () => {
  const texts = ['', '0', '1', '-1', '0.5', '1.5', '5', '6', '50', '51', '1e7', 'x', 'a/b', 'a'];
  for (const field of SETTING_FIELDS) {
    if (field.kind === 'rule' || field.kind === 'switch') continue;
    for (const text of texts) {
      const entered = { ...enteredOf(DEFAULT_SETTINGS), [field.name]: text };
      const { success } = ClassificationSettingsSchema.safeParse(changedSettings(entered) ?? {});
      // an empty number is none, and a model without its provider is a slip: the form is the stricter one
      const isStricter = text === '' ? field.kind !== 'text' : field.kind === 'text' && !text.includes('/');
      const isTaken = success && !isStricter;
      expect([field.name, text, settingError(field, text) === null]).toEqual([field.name, text, isTaken]);
    }
  }
});

test('only what was changed is sent', () => {
  const entered = enteredOf(DEFAULT_SETTINGS);
  expect(changedSettings(entered)).toBeUndefined();
  expect(
    changedSettings({ ...entered, model: 'anthropic/x', rounds: '2', trained_members: 'false' }),
  ).toEqual({
    ...{ model: 'anthropic/x', rounds: 2, trained_members: false },
  });
});
