// Package ports says what the application needs from the world, as small
// interfaces. Every implementation keeps the promises written here; the
// stores' promises are tested by test/contract on each of them.
package ports

//go:generate go tool mockgen -destination mock/rooms.go -package mock meet/ports Rooms
