"""农村金融: credit files, mortgage of rural rights, risk sharing, guarantees, funds and their purposes."""
