"""设施与公共服务: roads, schools, clinics, care, relief and the upkeep of public facilities."""
