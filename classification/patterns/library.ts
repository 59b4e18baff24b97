/**
 * Forms of whole values, each with what it means. A form that many other things have too is weak: it is shown as a
 * signal and is no evidence. Every expression goes over a value once: no part of it can match what another part of it
 * does.
 */

import { commonForms } from './common-forms.ts';
import { internetForms } from './internet-forms.ts';
import { numberForms } from './number-forms.ts';
import type { Codes, Pattern } from './pattern.ts';

export const createPatterns = (codes: Codes): readonly Pattern[] => [
  ...internetForms(),
  ...numberForms(),
  ...commonForms(codes),
];
