import { loadProject, type Project } from "../../compose/index.ts";

/** What start-up snapshots are warmed up with: a project with every part of the language that files commonly use. */
export function sampleProject(): Project {
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
