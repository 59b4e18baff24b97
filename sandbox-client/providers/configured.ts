/** The provider that the settings name. */

import type { ModalSettings } from '../../core/sandbox-hosts.ts';
import { createListedProvider, type ListedHosts } from './listed.ts';
import { createModalProvider, type ModalProviderOptions } from './modal.ts';
import type { SandboxProvider } from './provider.ts';

export interface ConfiguredSandbox extends ListedHosts {
  /** Null for hosts that have addresses. */
  modal: ModalSettings | null;
}

export function createConfiguredProvider(
  { modal, ...listed }: ConfiguredSandbox,
  options: ModalProviderOptions,
): SandboxProvider {
  return modal === null ? createListedProvider(listed) : createModalProvider(modal, options);
}
