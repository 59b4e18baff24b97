import address from '../../../../examples/penguins.csv?url';
import { api } from '../../lib/api/client.ts';

/** The table that comes with the platform, as if it had been chosen from the disk. */
export async function sampleFile(): Promise<File> {
  const text = await api.text(address);
  return new File([text], 'penguins.csv', { type: 'text/csv' });
}
