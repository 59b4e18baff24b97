/**
 * One metric of one run in memory. Points are kept as buckets (step, least, greatest, last); a bucket of one
 * point is exact. Past MAX_BUCKETS neighbours are merged two by two, so memory stays flat however long a run logs.
 */

/** Most buckets a series keeps: at 4 × 8 bytes each, 4 MiB. */
export const MAX_BUCKETS = 131_072;

/** What a chart draws: arrays of one length in the order of steps; a gap (a value that was not finite) is null. */
export interface SeriesColumns {
  steps: number[];
  min: (number | null)[];
  max: (number | null)[];
  last: (number | null)[];
  /** points behind the columns */
  points: number;
}

interface Bucket {
  step: number;
  least: number;
  greatest: number;
  last: number;
}

export class MetricSeries {
  #length = 0;
  #points = 0;
  #steps = new Float64Array(64);
  #min = new Float64Array(64);
  #max = new Float64Array(64);
  #last = new Float64Array(64);
  #greatestStep = Number.NEGATIVE_INFINITY;
  readonly #capacity: number;

  constructor(capacity = MAX_BUCKETS) {
    this.#capacity = capacity;
  }

  get points(): number {
    return this.#points;
  }

  get lastStep(): number | null {
    return this.#length === 0 ? null : this.#greatestStep;
  }

  /** Adds a point; a step that is there already is overwritten, an earlier one finds its place. */
  append(step: number, value: number | null): void {
    const exact = value ?? Number.NaN;
    if (step > this.#greatestStep) {
      this.#greatestStep = step;
      this.#push({ step, least: exact, greatest: exact, last: exact }, 1);
      return;
    }
    const at = this.#placeOf(step);
    if (this.#steps[at] === step) this.#set(at, { step, least: exact, greatest: exact, last: exact });
    else this.#insert(step, exact);
  }

  /** Takes over what the server has summed up; points that came live before it and lie in its range go. */
  load(columns: SeriesColumns): void {
    const { steps, min, max, last, points } = columns;
    const end = steps.at(-1) ?? Number.NEGATIVE_INFINITY;
    const later = this.#after(end);
    this.#length = 0;
    this.#points = 0;
    this.#greatestStep = end;
    steps.forEach((step, at) => {
      const [least, greatest] = [min[at] ?? Number.NaN, max[at] ?? Number.NaN];
      this.#push({ step, least, greatest, last: last[at] ?? Number.NaN }, 0);
    });
    this.#points = points;
    for (const [step, value] of later) this.append(step, Number.isNaN(value) ? null : value);
  }

  /** At most about `buckets` columns between two steps, each with its least, greatest and last value. */
  columns(buckets: number, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): SeriesColumns {
    const start = this.#placeOf(from);
    const end = to >= this.#greatestStep ? this.#length : this.#placeOf(to) + 1;
    const width = Math.max(1, Math.ceil((end - start) / buckets));
    const result: SeriesColumns = { steps: [], min: [], max: [], last: [], points: this.#points };
    for (let at = start; at < Math.min(end, this.#length); at += width) {
      this.#mergeInto(result, at, Math.min(at + width, end, this.#length));
    }
    return result;
  }

  #mergeInto(result: SeriesColumns, start: number, end: number): void {
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let last = Number.NaN;
    for (let at = start; at < end; at += 1) {
      const low = read(this.#min, at);
      const high = read(this.#max, at);
      if (low < least) least = low;
      if (high > greatest) greatest = high;
      const value = read(this.#last, at);
      if (!Number.isNaN(value)) last = value;
    }
    result.steps.push(read(this.#steps, end - 1));
    result.min.push(least === Number.POSITIVE_INFINITY ? null : least);
    result.max.push(greatest === Number.NEGATIVE_INFINITY ? null : greatest);
    result.last.push(Number.isNaN(last) ? null : last);
  }

  #after(step: number): [number, number][] {
    const found: [number, number][] = [];
    for (let at = this.#length - 1; at >= 0 && read(this.#steps, at) > step; at -= 1) {
      found.push([read(this.#steps, at), read(this.#last, at)]);
    }
    return found.reverse();
  }

  /** The first place whose step is not less than `step`. */
  #placeOf(step: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (read(this.#steps, middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #set(at: number, { step, least, greatest, last }: Bucket): void {
    this.#steps[at] = step;
    this.#min[at] = least;
    this.#max[at] = greatest;
    this.#last[at] = last;
  }

  #push(bucket: Bucket, points: number): void {
    this.#makeRoom();
    this.#set(this.#length, bucket);
    this.#length += 1;
    this.#points += points;
  }

  #insert(step: number, value: number): void {
    this.#makeRoom();
    const place = this.#placeOf(step);
    for (const column of [this.#steps, this.#min, this.#max, this.#last]) {
      column.copyWithin(place + 1, place, this.#length);
    }
    this.#set(place, { step, least: value, greatest: value, last: value });
    this.#length += 1;
    this.#points += 1;
  }

  #makeRoom(): void {
    if (this.#length >= this.#capacity) this.#halve();
    if (this.#length < this.#steps.length) return;
    const size = Math.min(this.#steps.length * 2, Math.max(this.#capacity, 64));
    const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(size);
      copy.set(column);
      return copy;
    };
    this.#steps = grown(this.#steps);
    this.#min = grown(this.#min);
    this.#max = grown(this.#max);
    this.#last = grown(this.#last);
  }

  #halve(): void {
    const half = Math.ceil(this.#length / 2);
    for (let at = 0; at < half; at += 1) {
      const first = at * 2;
      const second = Math.min(first + 1, this.#length - 1);
      const last = read(this.#last, second);
      this.#set(at, {
        step: read(this.#steps, second),
        least: lesser(read(this.#min, first), read(this.#min, second)),
        greatest: greater(read(this.#max, first), read(this.#max, second)),
        last: Number.isNaN(last) ? read(this.#last, first) : last,
      });
    }
    this.#length = half;
  }
}

/** Every place asked for is filled; the fallback is for the type alone. */
const read = (column: Float64Array, at: number): number => column[at] ?? Number.NaN;
const lesser = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
const greater = (a: number, b: number): number =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);
