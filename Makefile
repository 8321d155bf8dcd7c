# Every target calls ./dev, which works on machines without make too.
.PHONY: help setup run test check coverage soak fuzz bench simulate messages clean

.DEFAULT_GOAL := help

help setup run test check coverage soak fuzz bench simulate messages clean:
	@./dev $@
