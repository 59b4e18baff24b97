/** What is told of a route beside its schemas. */

import type { z } from 'zod';

export interface RouteDescription {
  /** The group in which the page shows it. */
  tag: string;
  summary: string;
  /** A JSON body that the route reads itself. */
  body?: z.ZodType;
  /** A form with files. */
  multipart?: z.ZodType;
  /** True where the body may be the file's bytes. */
  binary?: boolean;
  /** Content of an answer that is not JSON. */
  answer?: Record<string, unknown>;
  /** Status of a success where it is not the method's usual one. */
  status?: number;
}
