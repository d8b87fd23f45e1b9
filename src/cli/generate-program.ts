import type { Command } from 'commander';
import type { GenerateAlertmanagerOptions } from './commands/generate/alertmanager.ts';
import type { GenerateGrafanaOptions } from './commands/generate/grafana.ts';
import type { GeneratePrometheusOptions } from './commands/generate/prometheus.ts';

import type { GenerateSchemaOptions } from './commands/generate/schema.ts';
import type { Io } from './io.ts';

const generateHelp = `
Examples:
  liveproof generate prometheus gates/accubooks/gate.yaml --out rules.yml
  liveproof generate prometheus gates/accubooks/gate.yaml --config
  liveproof generate alertmanager gates/accubooks/gate.yaml --out am.yml
  liveproof generate grafana gates/accubooks/gate.yaml --out dashboards
  liveproof generate schema --out gate.schema.json

What is written makes the requirements of the gate real: the rules that it asks
for, the ways to its receivers and channels, its boards. Secrets are never
written: a file is named in their place. The same gate gives the same bytes. A
file that is there and differs is kept, unless --force.
What was loaded is then proven like anything else: liveproof gate FILE.`;

const schemaHelp = `
Examples:
  liveproof generate schema --out gate.schema.json
  liveproof generate schema gates/accubooks/gate.yaml --of items
  liveproof generate schema --of check --out check.schema.json

Editors that know YAML (with the YAML language server) then complete and check a
gate file as you type. Write as its first line:
  # yaml-language-server: $schema=gate.schema.json
With a gate file they know its names too; write it again when names are added.`;

const environment = ['--env <name>', 'use environments/<name>.yaml beside the gate file'] as const;
const out = ['--out <file>', 'where to write it (default: standard output)'] as const;
const force = ['--force', 'replace what is there and differs'] as const;
const secrets = ['--secrets <dir>', 'the folder in which the server will find its secrets, one file each'] as const;

/** `liveproof generate …`: each loads its own work when it is asked for. */
export function addGenerate(root: Command, io: Io, becomes: (work: Promise<number>) => Promise<void>): void {
  const generate = root
    .command('generate')
    .description('write configuration that makes the gate’s requirements real')
    .addHelpText('after', generateHelp);

  const prometheus = async (options: GeneratePrometheusOptions): Promise<number> => {
    const { generatePrometheusCommand } = await import('./commands/generate/prometheus.ts');
    return generatePrometheusCommand(options, io);
  };
  generate
    .command('prometheus')
    .description('write the alerting rules of a gate, or with --config what else Prometheus needs')
    .argument('<file>', 'the gate file')
    .option('--config', 'prometheus.yml instead: intervals, Alertmanagers, jobs and retention')
    .option(...environment)
    .option(...out)
    .option(...force)
    .action((file: string, options: Omit<GeneratePrometheusOptions, 'file'>) => becomes(prometheus({ file, ...options })));

  const alertmanager = async (options: GenerateAlertmanagerOptions): Promise<number> => {
    const { generateAlertmanagerCommand } = await import('./commands/generate/alertmanager.ts');
    return generateAlertmanagerCommand(options, io);
  };
  generate
    .command('alertmanager')
    .description('write the routes and receivers that bring a gate’s alerts to its channels')
    .argument('<file>', 'the gate file')
    .option(...secrets, '/etc/alertmanager/secrets')
    .option(...environment)
    .option(...out)
    .option(...force)
    .action((file: string, options: Omit<GenerateAlertmanagerOptions, 'file'>) => becomes(alertmanager({ file, ...options })));

  const grafana = async (options: GenerateGrafanaOptions): Promise<number> => {
    const { generateGrafanaCommand } = await import('./commands/generate/grafana.ts');
    return generateGrafanaCommand(options, io);
  };
  generate
    .command('grafana')
    .description('write the boards of a gate as Grafana dashboards')
    .argument('<file>', 'the gate file')
    .option(...environment)
    .option('--out <dir>', 'where to write them', 'dashboards')
    .option(...force)
    .option('--datasource <uid>', 'uid of the Prometheus data source in Grafana', 'prometheus')
    .option('--board <name>', 'only this board, to standard output')
    .action((file: string, options: Omit<GenerateGrafanaOptions, 'file'>) => becomes(grafana({ file, ...options })));

  const schema = async (options: GenerateSchemaOptions): Promise<number> => {
    const { generateSchemaCommand } = await import('./commands/generate/schema.ts');
    return generateSchemaCommand(options, io);
  };
  generate
    .command('schema')
    .description('write the JSON Schema of gate, check and project files, for editors')
    .argument('[file]', 'a gate file, whose names of items, channels and so on are then known to the schema')
    .option('--of <part>', 'gate, items, environment, check, board or project', 'gate')
    .option(...environment)
    .option(...out)
    .option(...force)
    .addHelpText('after', schemaHelp)
    .action((file: string | undefined, options: Omit<GenerateSchemaOptions, 'file'>) => becomes(schema({ file, ...options })));
}
