// Package livekit speaks with the LiveKit media server: it signs the tokens
// that open rooms and acts on running rooms through the server's API.
package livekit
