// Package domain holds the words and rules of a video-conferencing service:
// people, rooms, who holds which role in them, and what a LiveKit token allows.
// It does no I/O, reads no clock and draws no random number.
package domain
