"""One spider for all sites; Scrapy knows it by each site's name."""
