package explain

func (p *page) whatIf() {}
