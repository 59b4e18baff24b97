import { reloadBrokenPictures, reloadBrokenStyles } from './broken-pictures.ts';

function picture(complete: boolean, naturalWidth: number, src: string | null = '/a.png') {
  const set: string[] = [];
  return {
    ...{ complete, naturalWidth, set },
    getAttribute: () => src,
    setAttribute: (_name: string, value: string) => void set.push(value),
  };
}

test('only pictures that failed are asked for again', () => {
  const [there, coming, broken, none] = [
    picture(true, 40),
    picture(false, 0),
    picture(true, 0),
    picture(true, 0, null),
  ];
  reloadBrokenPictures({ querySelectorAll: () => [there, coming, broken, none] });
  expect([there, coming, broken, none].map(({ set }) => set)).toEqual([[], [], ['/a.png'], []]);
});

test('only styles that did not come are asked for again', () => {
  const style = (rules: number | null) => {
    const placed: string[] = [];
    const sheet = rules === null ? null : { cssRules: { length: rules } };
    return {
      ...{ sheet, placed },
      cloneNode: () => 'fresh',
      replaceWith: (fresh: string) => placed.push(fresh),
    };
  };
  const [there, failed, empty] = [style(3), style(null), style(0)];
  reloadBrokenStyles({ querySelectorAll: () => [there, failed, empty] });
  expect([there, failed, empty].map(({ placed }) => placed)).toEqual([[], ['fresh'], ['fresh']]);
});
