=== mapping.yaml
fields:
  - { to: /serial }
=== profile.yaml
profile: acme/plate
version: "1.0"
title: { en: Nameplate, de: Typenschild, zh: 铭牌 }
description: { en: One nameplate, de: Ein Typenschild, zh: 一块铭牌 }
sources:
  - { document: ACME 8, edition: "2024", read: primary, used-for: { en: all, de: alles, zh: 全部 } }
exchange: document
codec: json
=== schema.json
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:qiao:schema:acme/plate@1.0",
  "type": "object",
  "properties": { "serial": { "type": "string" } }
}
=== examples/invalid/a.expect.json
{"pointer": "", "keyword": "type", "shows": "no object"}
=== examples/invalid/a.json
[]
=== examples/valid/a.json
{}
