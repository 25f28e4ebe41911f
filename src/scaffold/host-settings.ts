import path from 'node:path';
import type { DetectedDjango, DetectedFrontend } from './detect-project.ts';
import type { TemplateName } from './templates.ts';
import type { Names } from './wanted-files.ts';

export interface HostSetting {
  /** Relative to the project. */
  readonly file: string;
  readonly setting: string;
}

interface HostSettingsInput {
  readonly frontend: DetectedFrontend | null;
  readonly django: DetectedDjango | null;
  readonly templates: readonly TemplateName[];
  readonly names: Names;
}

/**
 * What a project that was found must say about its host itself, because its server reads that from no variable and takes
 * no option for it. The others learn it when jwt-dev starts them. Pure.
 */
export function hostSettings({
  frontend,
  django,
  templates,
  names,
}: HostSettingsInput): readonly HostSetting[] {
  const settings: HostSetting[] = [];
  if (frontend?.host?.kind === 'setting') {
    // Without the second part the page looks for its reloads at the server's own address.
    const client = "client: { webSocketURL: 'auto://0.0.0.0:0/ws' }";
    const setting = `devServer: { allowedHosts: ['${names.frontendHost}'], ${client} }`;
    settings.push({ file: path.posix.join(frontend.dir, frontend.host.file), setting });
  }
  // With the template, cookie_auth.py says it. An empty list, as in a new project, stands for the two local names; a list
  // that is not empty does not (django/http/request.py, get_host).
  if (django !== null && !templates.includes('django')) {
    const file = path.posix.join(django.dir, django.package, 'settings.py');
    settings.push({ file, setting: `ALLOWED_HOSTS = ['${names.apiHost}', 'localhost', '127.0.0.1']` });
  }
  return settings;
}
