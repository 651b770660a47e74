"""产权交易、入市与收益: the exchange of rural property, market entry of collective construction land, proceeds."""
