package binding

import "simrun/scenarios/config/document"

// List is a sequence. each binds one item; it is called with a pointer to a fresh item
// that fresh made, or to one of the list.
func List[T any](p *[]T, fresh func() T, each func(*T) Value) Value {
	return list[T]{p, fresh, each}
}

type list[T any] struct {
	items *[]T
	fresh func() T
	each  func(*T) Value
}

func (l list[T]) Read(n *document.Node) error {
	if n.Kind != document.Sequence {
		return document.Errorf(n, "a list", "there is %s where a list belongs", n.Kind)
	}
	items := make([]T, len(n.Items))
	for i, node := range n.Items {
		items[i] = l.fresh()
		if err := l.each(&items[i]).Read(node); err != nil {
			return err
		}
	}
	*l.items = items
	return nil
}

func (l list[T]) Write() *document.Node {
	if len(*l.items) == 0 {
		return nil
	}
	n := document.NewSequence()
	for i := range *l.items {
		n.Items = append(n.Items, l.each(&(*l.items)[i]).Write())
	}
	return n
}

func (l list[T]) Schema() *document.Node {
	item := l.fresh()
	return typeSchema("array").Add("items", l.each(&item).Schema())
}

// Optional is an object that may be absent: *p is nil then. fresh holds its defaults.
func Optional[T any](p **T, fresh func() T, bind func(*T) Value) Value {
	return optional[T]{p, fresh, bind}
}

type optional[T any] struct {
	place **T
	fresh func() T
	bind  func(*T) Value
}

func (o optional[T]) Read(n *document.Node) error {
	value := o.fresh()
	if err := o.bind(&value).Read(n); err != nil {
		return err
	}
	*o.place = &value
	return nil
}

func (o optional[T]) Write() *document.Node {
	if *o.place == nil {
		return nil
	}
	return o.bind(*o.place).Write()
}

// Default is the object as it is when a document gives none of its fields.
func (o optional[T]) Default() *document.Node {
	value := o.fresh()
	return o.bind(&value).Write()
}

func (o optional[T]) Schema() *document.Node {
	value := o.fresh()
	return o.bind(&value).Schema()
}

// Custom is a Value made of three functions, for the few that are like no other.
type Custom struct {
	ReadFunc   func(n *document.Node) error
	WriteFunc  func() *document.Node
	SchemaNode *document.Node
}

// Read calls ReadFunc.
func (c Custom) Read(n *document.Node) error { return c.ReadFunc(n) }

// Write may return nil: left out.
func (c Custom) Write() *document.Node { return c.WriteFunc() }

// Schema is SchemaNode.
func (c Custom) Schema() *document.Node { return c.SchemaNode }
