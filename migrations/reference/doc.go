// Package reference carries databases of the reference forward: it tells from
// django_migrations what a database is at, and does what each later migration
// of the reference does, in the caller's transaction. It departs from the
// reference where the reference loses what people decided or own:
// private rooms stay closed (0011), accounts without an e-mail are not taken
// for one person, and merged ones keep the subject that is in use (0006).
package reference
