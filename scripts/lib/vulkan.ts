import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ensureDebianPackages } from './debian.ts';
import { Unavailable } from './unavailable.ts';

/** The driver of SwiftShader, which renders in software, as Debian's Chromium brings it along. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Lets WebGPU compute where there is no GPU: on Linux through SwiftShader, unless `VK_ICD_FILENAMES` names another
 * driver. What Vulkan reads of the environment it reads once a process, so this has to be said before a process begins.
 *
 * @throws Unavailable if Chromium or the Vulkan loader is missing and cannot be installed
 */
export async function ensureVulkan(): Promise<void> {
  if (process.platform !== 'linux' || process.env['VK_ICD_FILENAMES'] !== undefined) return;
  await ensureDebianPackages(['chromium', 'libvulkan1'], 'to run WebGPU in software');
  if (!existsSync(SWIFTSHADER))
    throw new Unavailable(
      'needs a Vulkan driver; install the Debian package chromium, or name one in VK_ICD_FILENAMES',
    );
  process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
  // Else the loader complains of it.
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir();
}
