import { loadProject, type Project, renderProject } from "../compose/index.ts";
import { type ObservedContainer, projectContainers } from "../project/index.ts";
import { warmUpSupervisor } from "../supervisor/index.ts";
import { psJson } from "./containers/ps-json.ts";
import { psTable } from "./containers/ps-table.ts";

/**
 * Runs, while a start-up snapshot is made, what is going to run in the processes that start from it: in a command, or
 * in a supervisor. V8 compiles a function when it is first called and keeps the result in the snapshot; otherwise each
 * command would compile the loader anew, a third of its time. Nothing of the machine is read.
 */
export function warmUp(purpose: "command" | "supervisor"): void {
  const project = loadSample();
  if (purpose === "command") showSample(project);
  // A rejection fails the making of the snapshot; bin/gantry then does without.
  else void warmUpSupervisor(project);
}

function loadSample(): Project {
  const texts: Readonly<Record<string, string>> = {
    "/warm-up/compose.yaml": SAMPLE,
    "/warm-up/.env": "A=1\nexport B='two words' # comment\n",
    "/warm-up/service.env": "C=3\n",
  };
  const result = loadProject({
    files: ["/warm-up/compose.yaml"],
    projectDirectory: "/warm-up",
    environment: {},
    profiles: [],
    readFile: (path) => texts[path]!,
    exists: (path) => path in texts,
  });
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join("\n"));
  return result.project;
}

function showSample(project: Project): void {
  renderProject(project, "yaml");
  renderProject(project, "json");
  psTable([SAMPLE_CONTAINER], 0, true);
  psJson(SAMPLE_CONTAINER, 0);
  projectContainers({ data: "/nonexistent", run: "/nonexistent" }, "warm-up");
}

const SAMPLE_CONTAINER: ObservedContainer = {
  status: "running",
  state: { version: 1, desired: "running", restartCount: 0 },
  record: {
    version: 1,
    id: "0",
    name: "warm-up-web-1",
    project: "warm-up",
    service: "web",
    number: 1,
    oneOff: false,
    created: 0,
    image: { id: "sha256:0", reference: "nginx", layerDirectories: [] },
    labels: { a: "b" },
    configHash: "0",
    command: ["nginx"],
    restart: { name: "no", maximumRetryCount: 0 },
    stopSignal: 15,
    stopGracePeriod: 10_000,
    tty: false,
    stdinOpen: false,
    networks: [],
    ports: [{ hostIp: "0.0.0.0", hostPort: 80, containerPort: 80, protocol: "tcp" }],
    mounts: [{ type: "volume", source: "data", target: "/data", readOnly: false }],
    logging: { driver: "json-file", maxSize: 0, maxFiles: 1 },
  },
};

/** Every part of the language that files commonly use. */
const SAMPLE = `
name: warm-up
x-common: &common
  restart: unless-stopped
  logging: { driver: json-file, options: { max-size: 10m } }
services:
  web:
    <<: *common
    image: "nginx:\${TAG:-latest}"
    command: nginx -g 'daemon off;'
    entrypoint: ["/entry", "point"]
    ports: ["8080:80", "127.0.0.1:9000-9001:9000-9001/udp", { target: 443, published: "8443" }]
    expose: ["80"]
    environment: { A: "\${A}", B: , C: 1 }
    env_file: [service.env]
    volumes: ["data:/data", "./html:/html:ro", { type: tmpfs, target: /run }]
    networks: { front: { aliases: [www], ipv4_address: 10.9.0.5 } }
    depends_on: { db: { condition: service_healthy, restart: true } }
    labels: ["a=b"]
    extra_hosts: ["host:10.0.0.1"]
    deploy: { replicas: 2, resources: { limits: { cpus: "0.5", memory: 64m, pids: 10 } } }
    ulimits: { nofile: { soft: 1024, hard: 2048 } }
    secrets: [token]
    configs: [{ source: settings, target: /settings }]
    profiles: []
  db:
    image: postgres
    environment: ["POSTGRES_PASSWORD=\${B?needed}"]
    healthcheck: { test: pg_isready, interval: 1m30s, timeout: 5s, retries: 3, start_period: 10s }
    stop_grace_period: 20s
    mem_limit: 512m
    cap_add: [SYS_ADMIN]
    tmpfs: /tmp
    networks: [front]
    depends_on: [job]
  job:
    image: busybox
    command: ["true"]
    network_mode: none
networks:
  front: { ipam: { config: [{ subnet: 10.9.0.0/24 }] } }
volumes: { data: {} }
secrets: { token: { environment: B } }
configs: { settings: { content: "x: \${A}" } }
`;
