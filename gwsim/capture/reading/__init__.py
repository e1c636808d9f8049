"""Reading captures of anybody: what two gateways said to each other, without their keys.

In the order in which a file goes through them:

* `files` gives frames, `links` takes off what is around IPv4, `datagrams` sorts out IKE and ESP.
* `dialogue` collects what two addresses say, `attempt` what becomes of one phase 1.
* `terms` puts proposals into words, `nat` and `endings` judge, `outline` is everything together.
* `unsealing` opens encrypted messages for whoever has their keys, `text` writes it all down.
"""
