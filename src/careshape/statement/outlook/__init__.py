"""The pages of what is to come: gaps by segment of the market, forecasts with their fans, and how each was reached."""
