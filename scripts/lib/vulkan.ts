import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ensureDebianPackages } from './debian.ts';
import { Unavailable } from './unavailable.ts';

/** Driver of SwiftShader, the software renderer, from Debian's Chromium. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Enables WebGPU without a GPU on Linux: selects SwiftShader, unless `VK_ICD_FILENAMES` names another driver. Vulkan
 * reads the environment once per process, so call this before starting the process that uses it.
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
  // The Vulkan loader prints a warning without it.
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir();
}
