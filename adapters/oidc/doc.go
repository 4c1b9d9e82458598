// Package oidc is the OpenID provider as seen by a relying party (OpenID
// Connect Core 1.0), through zitadel/oidc. Which provider it is, is
// configuration; nothing here knows a vendor.
package oidc
