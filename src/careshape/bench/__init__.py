"""Benchmarks: what measuring and importing cost in processor time and memory, as ratios that hold on any machine."""
