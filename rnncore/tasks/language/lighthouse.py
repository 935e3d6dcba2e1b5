"""The built-in text of the text task: a little story, written for this project, in plain ASCII."""

STORY = """\
The keeper of the light lived alone on a small grey rock in the sea. Every evening he climbed the stairs, \
one hundred and ten of them, and lit the lamp. Every morning he climbed the stairs again and put it out. \
In between he slept a little, and listened to the sea.

On Monday the wind came from the north. The keeper climbed the stairs and lit the lamp. "Who goes there?" \
asked the lamp. "Only a small boat," said the keeper, "with a load of salt." The lamp turned and turned, \
and the small boat found its way home. Then the keeper put the kettle on, and listened to the sea.

On Tuesday the wind came from the east. The keeper climbed the stairs and lit the lamp. "Who goes there?" \
asked the lamp. "Only a tall ship," said the keeper, "with a load of tea." The lamp turned and turned, \
and the tall ship found its way home. Then the keeper mended his coat, and listened to the sea.

On Wednesday there was no wind at all. The keeper climbed the stairs and lit the lamp. "Who goes there?" \
asked the lamp. "Nobody," said the keeper, "only the moon." The lamp turned and turned, and the moon \
found its way home. Then the keeper wrote a letter to his sister, and listened to the sea.

On Thursday the wind came from the south, warm and slow. The keeper climbed the stairs and lit the lamp. \
"Who goes there?" asked the lamp. "Only an old whale," said the keeper, "with a load of songs." The lamp \
turned and turned, and the old whale found its way home. Then the keeper sang a song of his own, and \
listened to the sea.

On Friday the wind came from the west, and it was strong. The waves climbed the rock, and the rain beat on \
the door. The keeper climbed the stairs, but the lamp would not burn. "Who goes there?" asked the lamp. \
"I do not know," said the keeper, "for I cannot see." So he rang the bell. All night long he rang the bell, \
and all night long the wind tried to be louder than the bell. In the morning a small boat lay under the \
rock, with a load of salt, and then a tall ship, with a load of tea, and then an old whale, with a load of \
songs. They had all heard the bell, and they had all found their way home.

On Saturday the keeper cleaned the lamp. He cleaned the glass and the brass and the wheels, and he filled \
the lamp with oil. "Who goes there?" asked the lamp. "Only me," said the keeper, "with a load of oil." The \
lamp turned and turned, and the keeper sat down by the fire. His sister had sent him a letter. She asked \
whether he was lonely on his small grey rock. He thought about the boat and the ship and the whale, and he \
wrote that he was not.

On Sunday the wind was kind. The keeper climbed the stairs and lit the lamp. "Who goes there?" asked the \
lamp. "Everybody," said the keeper, and it was true. The small boat came, and the tall ship came, and the \
old whale came, and the moon looked in at the window. The lamp turned and turned over the sea. Then the \
keeper put the kettle on, and they all listened to the sea.
"""
