#!/bin/sh
# Builds ../static/careshape from the Sass source and GOV.UK Frontend. Run by `npm run build`; see docs/how-to/build-styles.md.
set -eu
cd "$(dirname "$0")"
out=../static/careshape
npx sass --no-source-map --style=compressed --quiet-deps --load-path=node_modules careshape.scss "$out/careshape.css"
# The typeface and the crest may be used on GOV.UK only, so the build fails rather than let them in.
if grep -qiE 'GDS Transport|crest|crown' "$out/careshape.css"; then
  echo 'careshape.css names GDS Transport, the crown or the crest: these belong to GOV.UK only.' >&2
  exit 1
fi
sed -e '/^\/\/# sourceMappingURL/d' node_modules/govuk-frontend/dist/govuk/components/service-navigation/service-navigation.bundle.mjs \
  > "$out/service-navigation.mjs"
