#!/usr/bin/env bash
# A source file past 400 lines wants splitting (CONTRIBUTING.md).
cd "$(dirname "$0")/.."
long=$(git ls-files 'src/*.ts' 'native/*.c' 'native/*.h' | grep -v -e generated -e plan_ops | xargs wc -l | awk '$2 != "total" && $1 > 400')
[ -z "$long" ] && exit 0
echo "longer than 400 lines:"
echo "$long"
exit 1
