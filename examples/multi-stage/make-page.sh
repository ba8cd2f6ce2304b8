#!/bin/sh
# Makes one page of a title and text files.
title=$1
shift
echo "<!doctype html><title>$title</title><h1>$title</h1>"
for file in "$@"; do
  echo "<p>$(cat "$file")</p>"
done
