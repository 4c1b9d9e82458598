// Command meet is the backend of La Suite Meet: rooms, access rights, tokens.
package main

import (
	_ "time/tzdata" // time zones, on machines without a zone database

	"meet/bootstrap"
)

func main() {
	bootstrap.Main(bootstrap.Edition{Name: "meet", Summary: "The backend of a video-conferencing product"})
}
