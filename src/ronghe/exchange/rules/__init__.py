"""Rules of market entry (入市): pure functions, found by the rulebook; one file per subject, the way a parcel goes.

``eligibility`` → ``consent`` → ``plans`` → ``paths`` and ``volume`` → ``pricing`` → ``trade`` (``agreement``) → ``terms``
→ ``resale``; ``projects`` holds what goes by the project, ``quotas`` what goes by the indicator, ``proceeds`` the levy.
"""
