/** The tool by which a model answers, and what is taken of what it says. */

import { z } from 'zod';
import type { ToolDefinition } from '../../core/ports/model.ts';

const confidence = z.number().min(0).max(1);
const code = z.string().min(1).max(200);
const ChoiceSchema = z.object({ code, confidence });

const LabelSchema = z.object({
  id: z.string().max(20).describe('Id of the column, such as c1'),
  code: code.nullable().describe('Code of its term; null: no term fits'),
  confidence: confidence.describe('Share of such answers that are right'),
  alternatives: z.array(ChoiceSchema).max(3).default([]).describe('Other terms that may be right'),
});

const ToolInputSchema = z.object({ labels: z.array(LabelSchema) });

function toolOf(): ToolDefinition {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(ToolInputSchema, { io: 'input' });
  return {
    name: 'label_columns',
    description: 'Gives every listed column the code of its term.',
    input_schema: schema,
  };
}

export const LABEL_TOOL: ToolDefinition = toolOf();

/** What a model said of one column. */
export interface ColumnAnswer {
  /** null: no term fits. */
  code: string | null;
  confidence: number;
  alternatives: { code: string; confidence: number }[];
}

/** Of a tool's input, by id; what is not as it was asked is left out, and of one id the first counts. */
export function readAnswer(input: unknown): Map<string, ColumnAnswer> {
  const held = z.object({ labels: z.array(z.unknown()) }).safeParse(input);
  const found = new Map<string, ColumnAnswer>();
  for (const each of held.success ? held.data.labels : []) {
    const label = lenient(each);
    if (label !== null && !found.has(label.id)) found.set(label.id, label);
  }
  return found;
}

/** Alternatives that are not so are no reason to lose the answer. */
function lenient(each: unknown): (ColumnAnswer & { id: string }) | null {
  const label = LabelSchema.safeParse(each);
  if (label.success) return label.data;
  const bare = LabelSchema.omit({ alternatives: true }).safeParse(each);
  return bare.success ? { ...bare.data, alternatives: [] } : null;
}
