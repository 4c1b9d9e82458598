// Command meet-standalone is a whole meeting server in one process.
package main

import (
	_ "time/tzdata" // time zones, on machines without a zone database

	"meet/bootstrap"
	"meet/bootstrap/standalone"
)

func main() {
	bootstrap.Main(standalone.Edition)
}
