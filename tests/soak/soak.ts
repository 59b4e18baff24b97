/**
 * Four pipelines go while processes are killed at random, as many as `--kills` says: nothing is lost, doubled or left
 * over. A run that is broken off goes on where it was when it is asked for again, over the same state: the break is one
 * more kill. Progress goes to standard error, what it came to into the summary.
 */

import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAutopilot } from '../../models/autopilot/index.ts';
import { actAs } from '../anthropic-server/act-as.ts';
import { type AnthropicServer, startAnthropicServer } from '../anthropic-server/index.ts';
import { withDatabase } from '../platform/invariants.ts';
import { type OwnPlatform, startPlatform } from '../platform/platform.ts';
import { type Begun, type Journal, keepJournal, readJournal } from './journal.ts';
import { allWell, killPlanned, mountsIn, processesIn } from './kill.ts';
import { soakOptions } from './options.ts';
import { beginPipeline, endPipeline } from './pipelines.ts';
import { plannedKills } from './plan.ts';
import { keepRun, killsOf, newRun, readSummary, type SoakRun, totalsOf } from './summary.ts';

const SUMMARY = join('build', 'soak', 'summary.json');
const AUTOPILOT = 'autopilot/standard';
const ANTHROPIC = 'anthropic/claude-sonnet-5-5';
/** What goes at the same time: half decide in the worker, half by way of a provider's streams. */
const SLOTS = [AUTOPILOT, ANTHROPIC, AUTOPILOT, ANTHROPIC];
/** A longest time is for tests that hang; this one is as long as its kills take. */
const NO_LIMIT = 2 ** 31 - 1;

const { seed, kills } = soakOptions(JSON.parse(process.env.TEMPERA_SOAK ?? '[]'));
const home = join(tmpdir(), `tempera-soak-${seed}`);
const say = (line: string): void =>
  void process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${line}\n`);

test(
  `${kills} kills of seed ${seed}: nothing is lost, doubled or left over`,
  async () => {
    const model = await startAnthropicServer({
      script: actAs(createAutopilot({ playbooksFolder: join('sandbox', 'playbooks') }), { pause: 5 }),
    });
    mkdirSync(home, { recursive: true });
    const environment = { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: model.url };
    const platform = await startPlatform({ environment, home });
    const soak = new Soak(platform);
    try {
      await soak.run();
    } finally {
      await platform.stop();
      await model.close();
    }
    soak.checkNothingLeft(model);
    expect(soak.end()).toEqual([]);
    rmSync(home, { recursive: true, force: true });
  },
  NO_LIMIT,
);

class Soak {
  readonly #platform: OwnPlatform;
  readonly #run: SoakRun = readSummary(SUMMARY).runs.find((run) => run.seed === seed) ?? newRun(seed);
  readonly #journal: Journal = readJournal(home);
  /** Keys of the pipelines that were taken up. */
  readonly #held = new Set<string>();
  #killing = true;

  constructor(platform: OwnPlatform) {
    this.#platform = platform;
    this.#run.finished = false;
  }

  async run(): Promise<void> {
    for (const model of new Set(SLOTS)) await this.#runUndisturbed(model);
    const slots = SLOTS.map((model) => this.#keepGoing(model));
    await this.#kill().finally(() => {
      this.#killing = false;
    });
    say('no more kills: what is under way ends');
    await allWell(this.#platform);
    await Promise.all(slots);
    await this.#checkCounts();
  }

  /** What pipelines are compared with. */
  async #runUndisturbed(model: string): Promise<void> {
    if (this.#journal.undisturbed[model]) return;
    say(`undisturbed: ${model}`);
    const session = await beginPipeline(this.#platform, { key: this.#nextKey(), model, since: 0 });
    this.#journal.undisturbed[model] = await endPipeline(this.#platform, session, () => 0);
    keepJournal(home, this.#journal);
  }

  async #kill(): Promise<void> {
    for (const kill of plannedKills(seed)) {
      if (kill.number <= killsOf(this.#run)) continue; // before it was broken off
      if (kill.number > kills) return;
      const begun = Date.now();
      try {
        await killPlanned(this.#platform, kill);
      } catch (error) {
        this.#fault(null, error);
        return;
      }
      this.#run.kills[kill.victim] = (this.#run.kills[kill.victim] ?? 0) + 1;
      this.#run.seconds += (Date.now() - begun) / 1_000;
      keepRun(SUMMARY, this.#run);
      say(`kill ${kill.number} of ${kills}: ${kill.victim}`);
    }
  }

  /** One pipeline after the other, those first that a break has left. */
  async #keepGoing(model: string): Promise<void> {
    for (;;) {
      const left = this.#journal.open.find((each) => each.model === model && !this.#held.has(each.key));
      if (!left && !this.#killing) return;
      const begun = left ?? { key: this.#nextKey(), model, since: killsOf(this.#run) };
      this.#held.add(begun.key);
      if (!left) this.#journal.open.push(begun);
      keepJournal(home, this.#journal);
      await this.#see(begun);
      this.#journal.open = this.#journal.open.filter(({ key }) => key !== begun.key);
      keepJournal(home, this.#journal);
      keepRun(SUMMARY, this.#run);
    }
  }

  /** A pipeline to its end. */
  async #see(begun: Begun): Promise<void> {
    let session: string | null = null;
    const killed = () => killsOf(this.#run) - begun.since;
    try {
      session = await beginPipeline(this.#platform, begun);
      // the kill that is under way is not counted yet, and a break is one as well
      const outcome = await endPipeline(this.#platform, session, () => killed() + 2);
      expect(outcome).toEqual(this.#journal.undisturbed[begun.model]);
      this.#run.sound += 1;
      say(`session ${session} of ${begun.model} is sound; it saw ${killed()} kills`);
    } catch (error) {
      this.#fault(session, error);
    }
  }

  /** What was asked for again and again over outages was made once. */
  async #checkCounts(): Promise<void> {
    const [rows] = await withDatabase(this.#platform, (database) =>
      database.query(`select (select count(*)::int from experiments) experiments,
        (select count(*)::int from sessions) sessions, (select count(*)::int from leases) leases`),
    );
    const { begun } = this.#journal;
    this.#check(() => expect(rows).toEqual({ experiments: begun, sessions: begun, leases: 0 }));
  }

  /** After the platform's stop. */
  checkNothingLeft(model: AnthropicServer): void {
    this.#check(() => expect(processesIn(home)).toEqual([]));
    this.#check(() => expect(mountsIn(home)).toEqual([]));
    // a conversation that a kill has torn would break a rule of the provider
    this.#check(() => expect(model.counts()).toMatchObject({ refused: 0, failed: 0 }));
  }

  #check(holds: () => void): void {
    try {
      holds();
    } catch (error) {
      this.#fault(null, error);
    }
  }

  #fault(session: string | null, error: unknown): void {
    const what = wordsOf(error);
    this.#run.faults.push({ session, kill: killsOf(this.#run), what });
    keepRun(SUMMARY, this.#run);
    say(`FAULT ${session ?? ''} ${what}`);
  }

  /** @returns the faults of this run */
  end(): SoakRun['faults'] {
    this.#run.finished = killsOf(this.#run) >= kills;
    keepRun(SUMMARY, this.#run);
    const { runs, kills: all, sound, faults } = totalsOf(readSummary(SUMMARY));
    say(`${killsOf(this.#run)} kills, ${this.#run.sound} pipelines sound, ${this.#run.faults.length} faults`);
    say(`in all: ${all} kills in ${runs} runs, ${sound} pipelines sound, ${faults} faults (${SUMMARY})`);
    return this.#run.faults;
  }

  #nextKey(): string {
    this.#journal.begun += 1;
    return `soak-${seed}-${this.#journal.begun}`;
  }
}

/** An error with its causes, without the colours of jest. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause ? ` (${wordsOf(error.cause)})` : '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours begin with one
  return `${words}${cause}`.replace(/\u001b\[\d*m/g, '').slice(0, 4_000);
}
