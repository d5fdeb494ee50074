package story

func (t *teller) whatIf() error { return nil }
