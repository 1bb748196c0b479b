"""Sites looked at again and again: what they show is stored at once, and rules on prices say when they turn true.

spans     `10m`, `2h`, as people write them
rule      what an alert is about
judge     rules and rows -> what fired and what ended; pure
sites     the file of sites: TOML
schedule  when an address is due; pure
visit     what a visit means for an address; pure
tell      how an event is told
world     what a watch has of the world outside
lock      one watch at a time
round     the conductor: ask, store, judge, record, tell
bring     live pages, kept as web archives
"""
