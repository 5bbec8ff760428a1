-- Each row of the trail holds its sources: a table of them once more cost a view four rows and four places in an index.
DROP TABLE trail_sources;
