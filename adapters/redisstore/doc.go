// Package redisstore keeps in Redis what several server processes share and
// what may be lost with it: the lobby and the counts of rate limits.
package redisstore
