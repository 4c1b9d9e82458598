// Command server is a LiveKit media server for tests. It is a process of its
// own because LiveKit has data races that are not ours.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"meet/adapters/sfu"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves with the configuration of the first argument until told to stop.
func run() error {
	var config sfu.Config
	if err := json.Unmarshal([]byte(os.Args[1]), &config); err != nil {
		return err
	}
	server, err := sfu.New(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := server.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	server.Stop()
	return nil
}
