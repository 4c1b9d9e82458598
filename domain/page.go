package domain

// Page asks for a part of a list.
type Page struct {
	Size   int
	Number int // from 1; 0 means the last
}

// Offset is how many items lie before the page of a list of count items.
// It fails with ErrInvalidPage outside the list; page 1 always exists.
func (p Page) Offset(count int) (int, error) {
	last := max(1, (count+p.Size-1)/p.Size)
	number := p.Number
	if number == 0 {
		number = last
	}
	if number < 1 || number > last {
		return 0, ErrInvalidPage
	}
	return (number - 1) * p.Size, nil
}

// Listing is one page of a list and the length of the whole.
type Listing[T any] struct {
	Items []T
	Count int
}

// RoomList is one page of rooms.
type RoomList Listing[RoomView]
