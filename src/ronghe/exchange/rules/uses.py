"""入市用途: the classes of use that plans and tables of terms speak of."""

#: Uses that make a plot land for business (经营性); homes, schools and public welfare are not named by the law as such.
BUSINESS = ("工业", "采矿", "仓储", "商业服务", "旅游", "娱乐", "其他经营性")
PLANNED = (*BUSINESS, "教科文卫体", "居住", "公益")

#: Where a table of terms does not name a use, it stands here (国务院令第55号 第十二条第五项).
OTHER = "综合或其他"
TERMED = ("工业", "采矿", "仓储", "商业服务", "旅游", "娱乐", "教科文卫体", "居住", OTHER)
