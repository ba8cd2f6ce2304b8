#!/bin/sh
# Process 1 of the database's container: makes the cluster on the first start, then becomes the server.
# The cluster is made beside its final place and moved there, so that a kill half-way leaves nothing to trip over.
set -eu
: "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}" "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}"
cluster=$PGDATA/cluster

if [ ! -d "$cluster" ]; then
  fresh=$PGDATA/fresh
  rm -rf "$fresh"
  password=$(mktemp)
  printf '%s\n' "$POSTGRES_PASSWORD" > "$password"
  initdb --pgdata "$fresh" --username "$POSTGRES_USER" --pwfile "$password" --auth-host scram-sha-256 \
    --auth-local trust --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null
  rm -f "$password"
  echo 'host all all all scram-sha-256' >> "$fresh/pg_hba.conf"
  if [ "$POSTGRES_DB" != postgres ]; then
    echo "CREATE DATABASE \"$POSTGRES_DB\";" | postgres --single -D "$fresh" postgres >/dev/null
  fi
  sync
  mv "$fresh" "$cluster"
fi

# The image's /run is empty and not ours, so the socket goes to /tmp.
exec postgres -D "$cluster" -c listen_addresses='*' -c unix_socket_directories=/tmp
