package explain

func (p *page) diagram() {}
