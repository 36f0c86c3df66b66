"""The data of the corpus. All of it is invented."""

from __future__ import annotations

import json

ACCESS = """\
198.51.100.7 - ada [03/Mar/2025:10:00:01 +0000] "GET /shop/cart HTTP/1.1" 200 512 0.120
198.51.100.9 - - [03/Mar/2025:10:00:03 +0000] "GET /shop/item/17 HTTP/1.1" 404 64 0.010
203.0.113.5 - bob [03/Mar/2025:10:01:10 +0000] "POST /api/login HTTP/1.1" 500 128 1.500
198.51.100.7 - ada [03/Mar/2025:11:15:42 +0000] "GET /shop/item/9 HTTP/1.1" 200 2048 0.240
203.0.113.5 - bob [03/Mar/2025:11:20:00 +0000] "POST /api/login HTTP/1.1" 200 130 0.900
192.0.2.44 - - [03/Mar/2025:12:00:00 +0000] "GET /health HTTP/1.1" 200 2 0.001
-- rotated --
203.0.113.5 - bob [04/Mar/2025:08:30:00 +0000] "DELETE /api/item/17 HTTP/1.1" 403 90 0.030
198.51.100.7 - ada [04/Mar/2025:09:00:00 +0000] "GET /shop/cart HTTP/1.1" 200 640 0.180
192.0.2.44 - - [04/Mar/2025:12:00:00 +0000] "GET /health HTTP/1.1" 200 2 0.002
"""
ACCESS_LATER = """\
192.0.2.44 - - [09/Apr/2025:00:00:00 +0000] "GET /health HTTP/1.1" 200 2 0.004
192.0.2.80 - eve [09/Apr/2025:07:10:00 +0000] "POST /api/login HTTP/1.1" 500 128 2.500
192.0.2.80 - eve [09/Apr/2025:07:10:09 +0000] "POST /api/login HTTP/1.1" 500 128 0.500
198.51.100.7 - ada [10/Apr/2025:07:30:00 +0000] "GET /shop/cart HTTP/1.1" 200 700 0.300
-- rotated --
192.0.2.80 - eve [10/Apr/2025:08:00:00 +0000] "GET /api/me HTTP/1.1" 200 350 0.050
"""

ORDERS = """\
order,customer,region,status,qty,price,placed
1001,Ines,north,shipped,2,19.90,2025-01-03
1002,Jon,south,open,1,250.00,2025-01-04
1003,Ines,north,returned,1,19.90,2025-01-09
1004,Kim,east,shipped,10,3.50,2025-02-01
1005,Lea,south,shipped,3,42.00,2025-02-14
1006,Jon,south,shipped,1,,2025-02-20
1007,Kim,east,open,4,3.50,2025-03-02
1008,Ines,west,shipped,1,99.99,2025-03-05
"""
ORDERS_LATER = """\
order,customer,region,status,qty,price,placed
2001,Mia,west,shipped,5,10.00,2025-06-01
2002,Noa,west,open,1,,2025-06-03
2003,Mia,north,shipped,2,80.00,2025-06-20
2004,Oto,north,returned,1,15.00,2025-07-01
"""

EVENTS = "\n".join(
    json.dumps(event)
    for event in [
        {"t": 100, "host": "alpha", "kind": "start", "ms": 12, "tags": ["boot"]},
        {"t": 160, "host": "beta", "kind": "start", "ms": 40, "tags": []},
        {"t": 220, "host": "alpha", "kind": "retry", "ms": 300, "tags": ["net", "slow"]},
        {"t": 250, "host": "gamma", "kind": "stop", "ms": 5, "tags": ["clean"]},
        {"t": 400, "host": "alpha", "kind": "retry", "ms": 700, "tags": ["net"]},
        {"t": 410, "host": "beta", "kind": "stop", "ms": 9, "tags": ["clean", "net"]},
    ]
)
EVENTS_LATER = "\n".join(
    json.dumps(event)
    for event in [
        {"t": 5, "host": "delta", "kind": "retry", "ms": 80, "tags": ["net"]},
        {"t": 9, "host": "beta", "kind": "retry", "ms": 20, "tags": ["slow"]},
        {"t": 30, "host": "delta", "kind": "stop", "ms": 1, "tags": []},
    ]
)

TRACES = """\
2025-05-01 09:00:00 INFO  worker-1 started
2025-05-01 09:00:05 ERROR worker-2 job failed
  File "jobs.py", line 10, in run
  ValueError: bad row
2025-05-01 09:02:00 INFO  worker-1 done
2025-05-01 09:03:30 ERROR worker-1 job failed
  File "net.py", line 77, in get
  TimeoutError: no answer
2025-05-01 09:04:00 ERROR worker-2 job failed
  File "jobs.py", line 12, in run
  ValueError: bad column
2025-05-01 09:09:00 WARN  worker-3 queue long
"""
TRACES_LATER = """\
2025-05-02 01:00:00 ERROR worker-9 job failed
  File "net.py", line 77, in get
  TimeoutError: no answer
2025-05-02 01:30:00 INFO  worker-9 started
2025-05-02 01:45:00 ERROR worker-8 job failed
  File "net.py", line 80, in get
  TimeoutError: no answer
"""

READINGS = """\
# station 4
12.5
13.0
n/a
# pause
-2.5
40.0
13.0
"""
READINGS_LATER = """\
# station 9
1.0
n/a
7.5
"""

REVIEWS = """\
5|Great kettle, boils fast
1|Broke after two days, awful
2|awful handle, leaks
4|I like the colour
1|never again, awful smell
"""
REVIEWS_LATER = """\
3|It is fine
1|awful, just awful
"""

CONFIGS = {
    "app/api.ini": "[server]\nport = 8080\nworkers = 4\n[log]\nlevel = debug\n",
    "app/web.ini": "[server]\nport = 8081\nworkers = 2\n[log]\nlevel = info\n",
    "db/main.ini": "[server]\nport = 5432\nworkers = 16\n[log]\nlevel = info\n",
}
CONFIGS_LATER = {
    "x/one.ini": "[server]\nport = 9000\nworkers = 3\n[log]\nlevel = debug\n",
    "x/two.ini": "[server]\nport = 9001\nworkers = 7\n[log]\nlevel = debug\n",
}
